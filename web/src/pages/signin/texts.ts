import { texts } from "../../app/language";

export const TEXTS = texts(
  {
    title: "登录",
    name: "账号",
    password: "密码",
    code: "动态验证码",
    codeHint: "验证器应用中的 6 位数字",
    signIn: "登录",
    needed: "请填写此项",
  },
  {
    title: "Sign in",
    name: "Account",
    password: "Password",
    code: "One-time code",
    codeHint: "The 6 digits of your authenticator app",
    signIn: "Sign in",
    needed: "Please fill this in",
  },
);
